no_such_program --version
