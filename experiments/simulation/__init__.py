"""From settings to months: a settled world and the driver that passes its months."""
