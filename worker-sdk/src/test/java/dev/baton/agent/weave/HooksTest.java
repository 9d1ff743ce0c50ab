package dev.baton.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What is hooked is what we know; a JDK that has it otherwise keeps its classes as they are. */
final class HooksTest {
  private static final String CHANNEL = "sun/nio/ch/AsynchronousServerSocketChannelImpl";

  static Stream<String> hooked() {
    return Stream.concat(Hooks.BIND_CLASSES.stream(), Hooks.DELETE_CLASSES.stream());
  }

  @ParameterizedTest
  @MethodSource("hooked")
  void thisJdkHasWhatWeKnow(String type) throws Exception {
    byte[] woven = Hooks.weave(type, JdkClass.bytes(type));

    assertTrue(new String(woven, StandardCharsets.ISO_8859_1).contains("HOOK"));
    assertEquals(type, new ClassReader(woven).getClassName());
  }

  @Test
  void classWithoutTheMethodIsRefused() {
    byte[] bytes = channel("tie", "(I)V", 0);

    assertRefused(bytes, "no method that we know");
  }

  @Test
  void listenWithoutLengthIsRefused() {
    byte[] bytes = channel("bind", "(J)V", 0);

    assertRefused(bytes, "listen(J)V");
  }

  @Test
  void methodWithoutFreeVariableIsRefused() {
    byte[] bytes = channel("bind", "(I)V", 21);

    assertRefused(bytes, "21 locals");
  }

  private static void assertRefused(byte[] bytes, String why) {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> Hooks.weave(CHANNEL, bytes));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.toString());
  }

  /** One that listens in a method, with an argument of 0. */
  private static byte[] channel(String method, String listen, int locals) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, CHANNEL, null, "java/lang/Object", null);
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, method, "()V", null, null);
    code.visitCode();
    code.visitInsn(listen.contains("J") ? Opcodes.LCONST_0 : Opcodes.ICONST_0);
    code.visitMethodInsn(Opcodes.INVOKESTATIC, "sun/nio/ch/Net", "listen", listen, false);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(2, locals);
    code.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }
}
