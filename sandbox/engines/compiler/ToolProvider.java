package javax.tools;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * In the place of Java's own class of this name, which takes a compiler only from the module that a runtime without one lacks. This one
 * takes whichever the class path offers, and has it compile for Java 8: of itself it would for the newest that it knows, whatever it
 * runs on. Sqoop asks it: it compiles a class for each table.
 */
public class ToolProvider {
    private static final List<String> FOR_JAVA_8 = List.of("-source", "8", "-target", "8");
    /** Position of the options among getTask's arguments. */
    private static final int OPTIONS = 3;

    private ToolProvider() {
    }

    public static JavaCompiler getSystemJavaCompiler() {
        return ServiceLoader.load(JavaCompiler.class, ClassLoader.getSystemClassLoader()).findFirst()
            .map(ToolProvider::forJava8).orElse(null);
    }

    private static JavaCompiler forJava8(JavaCompiler compiler) {
        Class<?>[] as = { JavaCompiler.class };
        return (JavaCompiler) Proxy.newProxyInstance(compiler.getClass().getClassLoader(), as, (proxy, method, arguments) -> {
            if (method.getName().equals("getTask")) arguments[OPTIONS] = withTarget((Iterable<?>) arguments[OPTIONS]);
            try {
                return method.invoke(compiler, arguments);
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        });
    }

    private static List<Object> withTarget(Iterable<?> given) {
        List<Object> all = new ArrayList<>(FOR_JAVA_8);
        if (given != null) given.forEach(all::add);
        return all;
    }

    public static ClassLoader getSystemToolClassLoader() {
        return ClassLoader.getSystemClassLoader();
    }
}
