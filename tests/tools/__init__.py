"""What tests share: worlds, readers, servers, and campaigns too slow for every run."""
