"""Who does what when many machines share the work: jobs on PostgreSQL by procrastinate. They only wake; rows decide."""
