"""What runs on a teacher's computer: releasing, collecting, grading and giving back."""
