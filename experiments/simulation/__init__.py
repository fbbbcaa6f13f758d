"""From settings to months: a settled world and the driver that simulates its months."""
