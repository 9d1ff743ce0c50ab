package dev.baton.supervisor.takeover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.baton.supervisor.config.Config;
import dev.baton.supervisor.config.Launch;
import dev.baton.supervisor.config.ServiceConfig;
import dev.baton.supervisor.core.Snapshot;
import dev.baton.supervisor.resource.JsonReader;
import dev.baton.supervisor.resource.JsonReader.MalformedException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON and back, by the names of their components. What is empty, zero or as it usually
 * is is left out; so what an older version did not know yet is read as that. What a newer version
 * has written besides is ignored.
 *
 * <p>By reflection: the state is forty records that change with every feature, and a member that
 * somebody forgot to write would be missed only after a crash.
 */
final class RecordJson {
  /** What stands for a component that is left out, for types that have an ordinary form. */
  private static final Object USUAL = ServiceConfig.running("", List.of("java")).build();

  private static final String TYPE = "type";

  // Mutable state: how parts were written that are still the same, one by one
  private IdentityHashMap<Object, String> before = new IdentityHashMap<>();
  private IdentityHashMap<Object, String> written = new IdentityHashMap<>();

  /** Not for several threads at a time. */
  String write(Record value) {
    StringBuilder text = new StringBuilder();
    writeRecord(value, text);
    before = written;
    written = new IdentityHashMap<>();
    return text.toString();
  }

  /** Of hundreds of services one has changed, and of the configuration nothing as a rule. */
  private static boolean isPart(Object value) {
    return value instanceof Snapshot.OfService
        || value instanceof Launch
        || value instanceof Config;
  }

  private void writePart(Record part, StringBuilder text) {
    String known = before.get(part);
    if (known == null) {
      StringBuilder own = new StringBuilder();
      writeRecord(part, own);
      known = own.toString();
    }
    written.put(part, known);
    text.append(known);
  }

  private void write(Object value, StringBuilder text) {
    if (value instanceof Record record) {
      if (isPart(value)) {
        writePart(record, text);
      } else {
        writeRecord(record, text);
      }
    } else if (value instanceof Map<?, ?> map) {
      text.append('{');
      String comma = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        text.append(comma);
        quote((String) entry.getKey(), text);
        text.append(':');
        write(entry.getValue(), text);
        comma = ",";
      }
      text.append('}');
    } else if (value instanceof Collection<?> elements) {
      text.append('[');
      String comma = "";
      for (Object element : elements) {
        text.append(comma);
        write(element, text);
        comma = ",";
      }
      text.append(']');
    } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
      text.append(value);
    } else {
      quote(value instanceof Enum<?> constant ? constant.name() : value.toString(), text);
    }
  }

  private void writeRecord(Record value, StringBuilder text) {
    text.append('{');
    String comma = "";
    if (isOneOfSeveral(value.getClass())) {
      quote(TYPE, text);
      text.append(':');
      quote(value.getClass().getSimpleName(), text);
      comma = ",";
    }
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object member = get(component, value);
      if (member != null && !isUsual(component, member)) {
        text.append(comma);
        quote(component.getName(), text);
        text.append(':');
        write(member, text);
        comma = ",";
      }
    }
    text.append('}');
  }

  private static boolean isOneOfSeveral(Class<?> type) {
    return type.getInterfaces().length == 1 && type.getInterfaces()[0].isSealed();
  }

  private static boolean isUsual(RecordComponent component, Object member) {
    if (component.getDeclaringRecord().equals(USUAL.getClass())) {
      return member.equals(get(component, USUAL));
    }
    return member.equals(nothing(component.getType()));
  }

  private static @Nullable Object get(RecordComponent component, Object of) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void quote(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  static <T extends Record> T read(Class<T> type, String text) throws MalformedException {
    try {
      return type.cast(readRecord(type, JsonReader.object(text)));
    } catch (ClassCastException | IllegalArgumentException | DateTimeException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Object read(Type type, Object json) throws MalformedException {
    if (type instanceof ParameterizedType generic) {
      return readGeneric(generic, json);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord() || plain.isSealed()) {
      return readRecord(plain, (Map<?, ?>) json);
    }
    if (plain == int.class || plain == Integer.class) {
      return Math.toIntExact((Long) json);
    }
    if (plain == double.class) {
      return Double.parseDouble((String) json);
    }
    if (plain == Duration.class) {
      return Duration.parse((String) json);
    }
    if (plain.isEnum()) {
      for (Object constant : plain.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(json)) {
          return constant;
        }
      }
      throw new MalformedException(json + " is no " + plain.getSimpleName());
    }
    return json; // a text, a long or a boolean
  }

  private static Object readGeneric(ParameterizedType type, Object json) throws MalformedException {
    Type[] of = type.getActualTypeArguments();
    if (type.getRawType() == ImmutableMap.class) {
      ImmutableMap.Builder<String, Object> map = ImmutableMap.builder();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) json).entrySet()) {
        Object value = read(of[1], Objects.requireNonNull(entry.getValue()));
        map.put((String) entry.getKey(), Objects.requireNonNull(value));
      }
      return map.buildOrThrow();
    }
    ImmutableList.Builder<Object> list = ImmutableList.builder();
    for (Object element : (List<?>) json) {
      list.add(Objects.requireNonNull(read(of[0], element)));
    }
    boolean set = type.getRawType() == ImmutableSet.class;
    return set ? ImmutableSet.copyOf(list.build()) : list.build();
  }

  private static Object readRecord(Class<?> type, Map<?, ?> json) throws MalformedException {
    Class<?> record = type;
    if (type.isSealed()) {
      record = null;
      for (Class<?> one : type.getPermittedSubclasses()) {
        record = one.getSimpleName().equals(json.get(TYPE)) ? one : record;
      }
      if (record == null) {
        throw new MalformedException(json.get(TYPE) + " is no " + type.getSimpleName());
      }
    }
    RecordComponent[] components = record.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      Object written = json.get(components[i].getName());
      values[i] =
          written == null ? usual(components[i]) : read(components[i].getGenericType(), written);
    }
    return make(record, types, values);
  }

  private static Object make(Class<?> record, Class<?>[] types, @Nullable Object[] values)
      throws MalformedException {
    try {
      Constructor<?> constructor = record.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new MalformedException(record.getSimpleName() + ": " + e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object usual(RecordComponent component) {
    boolean hasUsual = component.getDeclaringRecord().equals(USUAL.getClass());
    return hasUsual ? get(component, USUAL) : nothing(component.getType());
  }

  private static @Nullable Object nothing(Class<?> type) {
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == double.class) {
      return 0.0;
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == String.class) {
      return "";
    }
    if (type == Duration.class) {
      return Duration.ZERO;
    }
    if (type == ImmutableList.class) {
      return ImmutableList.of();
    }
    if (type == ImmutableSet.class) {
      return ImmutableSet.of();
    }
    return type == ImmutableMap.class ? ImmutableMap.of() : null;
  }
}
