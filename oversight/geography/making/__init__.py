"""Makes the bundled geography anew from open files: `python -m oversight.geography.making FOLDER`."""
