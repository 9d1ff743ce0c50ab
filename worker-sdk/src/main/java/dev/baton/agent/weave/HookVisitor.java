package dev.baton.agent.weave;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Writes the call of {@code Bridge.HOOK}; the kinds of hook decide where. */
abstract class HookVisitor extends MethodVisitor {
  private final String event;

  HookVisitor(MethodVisitor next, String event) {
    super(Opcodes.ASM9, next);
    this.event = event;
  }

  /**
   * Leaves on the stack what the hook returns.
   *
   * @param kinds for each argument: A for a reference, I for an int
   * @param firstSlot the local variable of the first; the others follow it
   */
  final void callHook(String kinds, int firstSlot) {
    pushBridge();
    mv.visitIntInsn(Opcodes.BIPUSH, kinds.length() + 1);
    mv.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
    mv.visitInsn(Opcodes.DUP);
    mv.visitInsn(Opcodes.ICONST_0);
    mv.visitLdcInsn(event);
    mv.visitInsn(Opcodes.AASTORE);
    for (int i = 0; i < kinds.length(); i++) {
      mv.visitInsn(Opcodes.DUP);
      mv.visitIntInsn(Opcodes.BIPUSH, i + 1);
      pushArgument(kinds.charAt(i), firstSlot + i);
      mv.visitInsn(Opcodes.AASTORE);
    }
    mv.visitMethodInsn(
        Opcodes.INVOKEINTERFACE,
        "java/util/function/Function",
        "apply",
        "(Ljava/lang/Object;)Ljava/lang/Object;",
        true);
  }

  /** The result of the hook as a primitive of the given wrapper. */
  final void unbox(Class<?> wrapper, String method, String descriptor) {
    String name = Type.getInternalName(wrapper);
    mv.visitTypeInsn(Opcodes.CHECKCAST, name);
    mv.visitMethodInsn(Opcodes.INVOKEVIRTUAL, name, method, descriptor, false);
  }

  private void pushArgument(char kind, int slot) {
    if (kind == 'A') {
      mv.visitVarInsn(Opcodes.ALOAD, slot);
      return;
    }
    mv.visitVarInsn(Opcodes.ILOAD, slot);
    mv.visitMethodInsn(
        Opcodes.INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;", false);
  }

  /**
   * {@code (Function) Class.forName(bridge, true, getSystemClassLoader()).getField(…).get(null)}.
   */
  private void pushBridge() {
    mv.visitLdcInsn("dev.baton.agent.Bridge");
    mv.visitInsn(Opcodes.ICONST_1);
    mv.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        "java/lang/ClassLoader",
        "getSystemClassLoader",
        "()Ljava/lang/ClassLoader;",
        false);
    mv.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        "java/lang/Class",
        "forName",
        "(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class;",
        false);
    mv.visitLdcInsn("HOOK");
    mv.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL,
        "java/lang/Class",
        "getField",
        "(Ljava/lang/String;)Ljava/lang/reflect/Field;",
        false);
    mv.visitInsn(Opcodes.ACONST_NULL);
    mv.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL,
        "java/lang/reflect/Field",
        "get",
        "(Ljava/lang/Object;)Ljava/lang/Object;",
        false);
    mv.visitTypeInsn(Opcodes.CHECKCAST, "java/util/function/Function");
  }
}
