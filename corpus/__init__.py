"""The documents that ship with foedus; README.md says what each is and where its facts come from."""
