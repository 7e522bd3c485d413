using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace SpeechGan.Tests.Unit.Architecture;

/// <summary>What a type knows of other types, as compiled: bases, members, attributes, and every token of every method body.</summary>
internal static class CompiledReferences
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => o.Value);

    /// <summary>All types it names, each once.</summary>
    public static IReadOnlyCollection<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        foreach (var one in type.GetInterfaces().Concat(type.GetGenericArguments()))
            Add(found, one);
        Attributes(found, type);
        foreach (var member in type.GetMembers(Everything))
        {
            Attributes(found, member);
            switch (member)
            {
                case FieldInfo field:
                    Add(found, field.FieldType);
                    break;
                case PropertyInfo property:
                    Add(found, property.PropertyType);
                    break;
                case MethodBase method:
                    Method(found, method);
                    break;
            }
        }
        return found;
    }

    private static void Method(HashSet<Type> found, MethodBase method)
    {
        Add(found, (method as MethodInfo)?.ReturnType);
        foreach (var parameter in method.GetParameters())
            Add(found, parameter.ParameterType);
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (var local in body.LocalVariables)
            Add(found, local.LocalType);
        foreach (var clause in body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause))
            Add(found, clause.CatchType);
        foreach (var token in Tokens(body.GetILAsByteArray()!))
            Token(found, method, token);
    }

    private static void Token(HashSet<Type> found, MethodBase method, int token)
    {
        var generic = method.DeclaringType is { IsGenericType: true } t ? t.GetGenericArguments() : null;
        var member = method.Module.ResolveMember(token, generic, method.IsGenericMethod ? method.GetGenericArguments() : null);
        Add(found, member as Type ?? member?.DeclaringType);
        switch (member)
        {
            case FieldInfo field:
                Add(found, field.FieldType);
                break;
            case MethodInfo called:
                Add(found, called.ReturnType);
                foreach (var argument in called.IsGenericMethod ? called.GetGenericArguments() : [])
                    Add(found, argument);
                break;
        }
    }

    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length; )
        {
            short value = code[at++];
            if (value == 0xFE)
                value = unchecked((short)(0xFE00 | code[at++]));
            var operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
                yield return BitConverter.ToInt32(code, at);
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static void Attributes(HashSet<Type> found, MemberInfo member)
    {
        foreach (var attribute in member.GetCustomAttributesData().Where(a => a.AttributeType != typeof(CompilerGeneratedAttribute)))
            Add(found, attribute.AttributeType);
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        while (type is { HasElementType: true })
            type = type.GetElementType();
        if (type is null || type.IsGenericParameter || !found.Add(type))
            return;
        foreach (var argument in type.GetGenericArguments())
            Add(found, argument);
    }
}
