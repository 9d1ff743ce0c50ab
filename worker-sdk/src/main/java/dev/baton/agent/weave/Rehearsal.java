package dev.baton.agent.weave;

import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Weaves two made-up classes that have what the real ones have. After it, weaving the real ones
 * loads none of our classes, nor of ASM's: who weaves while the JVM loads a class must not make it
 * load another, which might be in the hands of a thread that waits for the first. A test pins it.
 */
public final class Rehearsal {
  private static final String A = "LA;";

  private Rehearsal() {}

  /** Every kind of hook, and every part of a class file that weaving has code of its own for. */
  public static void run() {
    weave(Hooks.NET, "bind", Hooks.NET_BIND_TYPE);
    weave(Hooks.ASYNC_CHANNEL, "bind", "()V");
  }

  private static void weave(String type, String method, String descriptor) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, type, null, "java/lang/Object", null);
    annotate(writer.visitField(Opcodes.ACC_STATIC, "a", "I", null, null).visitAnnotation(A, true));
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, method, descriptor, null, null);
    annotate(code.visitAnnotation(A, true));
    write(code);
    writer.visitEnd();
    var unused = Hooks.weave(type, writer.toByteArray());
  }

  private static void annotate(AnnotationVisitor annotation) {
    annotation.visit("value", "\u00e9"); // strings that are not ASCII are decoded by other code
    annotation.visitEnd();
  }

  /** {@code try { A.listen(0); return; } catch (Throwable e) { throw e; }}. */
  private static void write(MethodVisitor code) {
    Label begin = new Label();
    Label end = new Label();
    Label caught = new Label();
    code.visitCode();
    code.visitTryCatchBlock(begin, end, caught, null);
    code.visitLabel(begin);
    code.visitInsn(Opcodes.ICONST_0);
    code.visitMethodInsn(Opcodes.INVOKESTATIC, "A", "listen", "(I)V", false);
    code.visitInvokeDynamicInsn(
        "a", "()V", new Handle(Opcodes.H_INVOKESTATIC, "A", "a", "()V", false));
    code.visitLabel(end);
    code.visitInsn(Opcodes.RETURN);
    code.visitLabel(caught);
    code.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/Throwable"});
    code.visitInsn(Opcodes.ATHROW);
    code.visitMaxs(1, 0);
    code.visitEnd();
  }
}
