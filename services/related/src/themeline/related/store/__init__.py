"""What related reads and writes in PostgreSQL. Rows become values of the core here, and nowhere else."""
