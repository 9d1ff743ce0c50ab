package dev.baton.agent.weave;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Tells the object before each normal return of one of its methods. */
final class After extends HookVisitor {
  After(MethodVisitor next, String event) {
    super(next, event);
  }

  @Override
  public void visitInsn(int opcode) {
    if (opcode == Opcodes.RETURN || opcode == Opcodes.ARETURN) {
      callHook("A", 0);
      super.visitInsn(Opcodes.POP);
    }
    super.visitInsn(opcode);
  }
}
