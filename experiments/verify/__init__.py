"""`thuis verify`: make a result again and compare."""
