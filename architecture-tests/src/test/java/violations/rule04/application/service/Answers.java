package violations.rule04.application.service;

public record Answers() {}
