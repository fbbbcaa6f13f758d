"""Tests of Thuis; paths.py knows where data for tests may lie."""
