"""What is kept of people on this machine: conversations, profiles, assessments, plans, feedback. One SQLite file."""
