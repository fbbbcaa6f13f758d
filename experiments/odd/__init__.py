"""`thuis odd`: a run described after the ODD+D protocol, from what the code declares and its receipt says."""
