"""Which parameters matter: Morris screening of all, Sobol indices of the leading ones: `thuis sensitivity`."""
