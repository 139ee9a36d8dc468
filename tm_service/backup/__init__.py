"""The backup room: all tables and files of the house in one archive of open formats, and back."""
