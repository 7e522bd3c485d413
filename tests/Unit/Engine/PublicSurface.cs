using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>Renders the public and protected members of an assembly in the form of torchsharp-0.107-api.md.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(int)] = "int", [typeof(long)] = "long",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    /// <summary>The types a user of the assembly can name.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) =>
        assembly.GetTypes().Where(t => t.IsVisible && !t.IsDefined(typeof(CompilerGeneratedAttribute), false)).OrderBy(t => t.FullName, StringComparer.Ordinal);

    /// <summary>A type's name as the listing's headings have it.</summary>
    public static string Name(Type type) => type.FullName!.Replace('+', '.');

    /// <summary>enum, struct, interface, static class or class.</summary>
    public static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface" : type is { IsAbstract: true, IsSealed: true } ? "static class" : "class";

    /// <summary>The members a type declares, one line each.</summary>
    public static IEnumerable<string> Members(Type type)
    {
        foreach (var c in type.GetConstructors(Declared).Where(c => !c.IsStatic && Visible(c)))
            yield return $"{Access(c)}.ctor({Parameters(c)})";
        foreach (var m in type.GetMethods(Declared).Where(m => Visible(m) && !CompilerMade(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))))
            yield return $"{Access(m)}{(m.IsStatic ? "static " : m.IsAbstract ? "abstract " : m.IsVirtual && !m.IsFinal ? "virtual " : "")}" +
                         $"{Of(m.ReturnType)} {m.Name}{Generic(m)}({Parameters(m)})";
        foreach (var p in type.GetProperties(Declared))
        {
            var accessors = new[] { (p.GetMethod, "get; "), (p.SetMethod, "set; ") }.Where(a => a.Item1 is not null && Visible(a.Item1)).ToList();
            if (accessors.Count == 0)
                continue;
            var index = p.GetIndexParameters();
            yield return $"{(accessors[0].Item1!.IsStatic ? "static " : "")}{Of(p.PropertyType)} {(index.Length > 0 ? $"this[{Join(index)}]" : p.Name)} " +
                         $"{{ {string.Concat(accessors.Select(a => a.Item2))}}}";
        }
        foreach (var f in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
            yield return $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{Of(f.FieldType)} {f.Name}";
    }

    private static bool Visible(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;
    private static bool CompilerMade(MemberInfo m) => m.IsDefined(typeof(CompilerGeneratedAttribute), false) || m.Name is "Finalize" || m.Name.Contains('.', StringComparison.Ordinal);
    private static string Access(MethodBase m) => m.IsPublic ? "" : "protected ";
    private static string Generic(MethodInfo m) => m.IsGenericMethod ? $"<{string.Join(", ", m.GetGenericArguments().Select(Of))}>" : "";

    private static string Parameters(MethodBase m) =>
        (m.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "") + Join(m.GetParameters());

    private static string Join(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(p =>
        (p.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "") +
        (p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : "") +
        Of(p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType) + " " + p.Name + Default(p)));

    private static string Default(ParameterInfo p) => !p.HasDefaultValue ? "" : " = " + p.RawDefaultValue switch
    {
        null => p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
        bool b => b ? "true" : "false",
        string s => $"\"{s}\"",
        var v when (Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType) is { IsEnum: true } e => $"{e.Name}.{Enum.ToObject(e, v)}",
        IFormattable v => v.ToString(null, CultureInfo.InvariantCulture),
        var v => v.ToString()!,
    };

    private static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying) + "?";
        if (!type.IsGenericType)
            return type.Name;
        var arguments = type.GetGenericArguments();
        var joined = string.Join(", ", arguments.Select(Of));
        var name = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return name == nameof(ValueTuple) && !type.ContainsGenericParameters ? $"({joined})" : $"{name}<{joined}>";
    }
}
