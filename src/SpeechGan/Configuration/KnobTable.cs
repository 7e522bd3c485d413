using System.Reflection;

namespace SpeechGan.Configuration;

/// <summary>The knobs as declared in <see cref="RunConfig"/> and its sections: found once, in the order they are written.</summary>
internal static class KnobTable
{
    public static IReadOnlyList<Knob> All { get; } = [.. Find(typeof(RunConfig), [], new RunConfig())];

    public static IReadOnlyDictionary<string, Knob> ByKey { get; } = All.ToDictionary(k => k.Key);

    /// <summary>Keys that hold other keys, for example <c>loss.weights</c>.</summary>
    public static IReadOnlySet<string> Sections { get; } =
        All.SelectMany(k => Enumerable.Range(0, k.Key.Length).Where(i => k.Key[i] == '.').Select(i => k.Key[..i])).ToHashSet();

    private static IEnumerable<Knob> Find(Type type, PropertyInfo[] path, object defaults)
    {
        foreach (var property in type.GetProperties().OrderBy(p => p.MetadataToken))
        {
            if (property.GetCustomAttribute<KnobAttribute>() is { } attribute)
            {
                yield return new Knob([.. path, property], attribute, property.GetValue(defaults)!);
            }
            else if (property.CanWrite && property.PropertyType.Namespace == typeof(KnobTable).Namespace)
            {
                foreach (var knob in Find(property.PropertyType, [.. path, property], property.GetValue(defaults)!))
                    yield return knob;
            }
        }
    }
}
