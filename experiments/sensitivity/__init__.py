"""Sensitivity analysis: Morris screening of all parameters, Sobol indices of the leading ones: `thuis sensitivity`."""
