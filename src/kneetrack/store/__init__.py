"""Where a diary is kept: one store, whose statements SQLite and PostgreSQL both take, over the driver alone."""
