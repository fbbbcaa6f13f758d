"""Worlds and policies: municipalities, tables of real areas, synthesis of a population, levers and their costs."""
