"""What runs on a student's computer: the help, and the verdicts that the grader shares."""
