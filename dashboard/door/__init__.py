"""What stands before Streamlit: the headers that keep every request at home, and the password."""
