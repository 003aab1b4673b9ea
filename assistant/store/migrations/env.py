"""Run the migrations over the connection that assistant.store.database hands in, in its transaction."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection)
context.run_migrations()
