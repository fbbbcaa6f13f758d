def draw_figures(outcome, folder): return []
