package violations.rule17.domain;

record Unmarked() {}
