package javax.tools;

import java.util.ServiceLoader;

/**
 * In the place of Java's own class of this name, which takes a compiler only from the module that a runtime without one lacks. This one
 * takes whichever the class path offers. Sqoop asks it: it compiles a class for each table.
 */
public class ToolProvider {
    private ToolProvider() {
    }

    public static JavaCompiler getSystemJavaCompiler() {
        return ServiceLoader.load(JavaCompiler.class, ClassLoader.getSystemClassLoader()).findFirst().orElse(null);
    }

    public static ClassLoader getSystemToolClassLoader() {
        return ClassLoader.getSystemClassLoader();
    }
}
