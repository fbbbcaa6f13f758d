"""`thuis hindcast`: years that have passed, simulated from an earlier table and set beside a later one."""
