package dev.baton.agent.weave;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Asks at entry whether the method has to run at all. */
final class Instead extends HookVisitor {
  private final String kinds;
  private final int firstSlot;
  private final boolean returnsBoolean;

  Instead(MethodVisitor next, String event, String kinds, int firstSlot) {
    super(next, event);
    this.kinds = kinds;
    this.firstSlot = firstSlot;
    this.returnsBoolean = event.equals(Hooks.DELETE);
  }

  @Override
  public void visitCode() {
    super.visitCode();
    Label goOn = new Label();
    callHook(kinds, firstSlot);
    unbox(Boolean.class, "booleanValue", "()Z");
    visitJumpInsn(Opcodes.IFEQ, goOn);
    if (returnsBoolean) {
      visitInsn(Opcodes.ICONST_1);
      visitInsn(Opcodes.IRETURN);
    } else {
      visitInsn(Opcodes.RETURN);
    }
    visitLabel(goOn);
    visitFrame(Opcodes.F_SAME, 0, null, 0, null);
  }
}
