package dev.baton.agent.weave;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Passes the length of the queue through us where a method calls {@code listen}. */
final class Backlog extends HookVisitor {
  /** Beyond the arguments and locals of the methods this is used in. */
  private static final int FREE_SLOT = 20;

  Backlog(MethodVisitor next) {
    super(next, Hooks.BACKLOG);
  }

  @Override
  public void visitMethodInsn(
      int opcode, String owner, String name, String descriptor, boolean isInterface) {
    if (name.equals("listen")) { // of the JDK or of Netty: the length is its last argument
      refuseIf(!descriptor.contains("I)"), "listen" + descriptor);
      visitVarInsn(Opcodes.ISTORE, FREE_SLOT);
      callHook("I", FREE_SLOT);
      unbox(Integer.class, "intValue", "()I");
    }
    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
  }

  @Override
  public void visitMaxs(int maxStack, int maxLocals) {
    refuseIf(maxLocals > FREE_SLOT, maxLocals + " locals");
    super.visitMaxs(maxStack, maxLocals);
  }

  private static void refuseIf(boolean unknown, String what) {
    if (unknown) {
      throw new IllegalStateException("not a bind that we know how to hook: " + what);
    }
  }
}
