package violations.rule01.application;

interface UseCase {}
