package violations.rule17.application;

record Marked() {}
