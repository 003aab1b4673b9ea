"""Offline bundles and the Windows installer: made on a machine with a network, used on one without."""
