package violations.rule04.adapter.local;

import violations.rule04.application.service.Answers;

record Shortcut(Answers answers) {}
