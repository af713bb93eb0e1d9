/**
 * Code that breaks each rule of the house, below the rule's number: proof that the rule finds it.
 */
package violations;
