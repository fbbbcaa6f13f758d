"""`thuis hindcast`: past years, simulated from an earlier table and compared with a later one."""
