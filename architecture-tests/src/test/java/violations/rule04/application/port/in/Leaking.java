package violations.rule04.application.port.in;

import violations.rule04.application.service.Answers;

interface Leaking {
  Answers answers();
}
