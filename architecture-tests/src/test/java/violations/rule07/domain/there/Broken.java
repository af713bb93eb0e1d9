package violations.rule07.domain.there;

import violations.rule07.domain.here.Chicken;

record Broken(Chicken chicken) {}
