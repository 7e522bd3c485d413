using System.Reflection;

namespace SpeechGan.Configuration;

/// <summary>What is said about a knob beside its default: unit, reason and the range that is allowed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KnobAttribute(string unit, string reason) : Attribute
{
    /// <summary>Unit of the value, empty where it has none.</summary>
    public string Unit { get; } = unit;

    /// <summary>What the knob does and why its default is what it is.</summary>
    public string Reason { get; } = reason;

    /// <summary>Smallest allowed number.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest allowed number.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>True where <see cref="Min"/> itself is not allowed.</summary>
    public bool AboveMin { get; init; }

    /// <summary>True where <see cref="Max"/> itself is not allowed.</summary>
    public bool BelowMax { get; init; }

    /// <summary>True where a resumed run may change it: it decides how long or how fast a run trains, not what.</summary>
    public bool FreeOnResume { get; init; }
}

/// <summary>One knob of <see cref="RunConfig"/>: a leaf of the configuration, addressed by its dotted camelCase key.</summary>
public sealed class Knob
{
    private readonly PropertyInfo[] path;
    private readonly KnobAttribute attribute;

    internal Knob(PropertyInfo[] path, KnobAttribute attribute, object defaultValue)
    {
        this.path = path;
        this.attribute = attribute;
        Key = string.Join('.', path.Select(p => Spelling.CamelCase(p.Name)));
        Default = defaultValue;
        Choices = Type.IsEnum ? [.. Enum.GetNames(Type).Select(Spelling.KebabCase)] : [];
    }

    /// <summary>Dotted key, for example <c>loss.weights.gan</c>.</summary>
    public string Key { get; }

    /// <summary>Type of the value: bool, int, long, double, string or an enum.</summary>
    public Type Type => path[^1].PropertyType;

    /// <summary>Value in preset <c>cmgan</c>.</summary>
    public object Default { get; }

    /// <summary>Unit, empty where there is none.</summary>
    public string Unit => attribute.Unit;

    /// <summary>What it does and why the default is what it is.</summary>
    public string Reason => attribute.Reason;

    /// <summary>The allowed words of an enum, kebab-case, the default policy first; empty for other types.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>Whether a resumed run may change it.</summary>
    public bool FreeOnResume => attribute.FreeOnResume;

    /// <summary>What is allowed, in words, for example <c>a whole number from 1 to 1024</c>.</summary>
    public string Allowed => Choices.Count > 0 ? "one of " + string.Join(", ", Choices) : KnobValue.NameOf(Type) + RangeInWords();

    /// <summary>The value in a configuration.</summary>
    public object Get(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return path.Aggregate((object)config, (owner, property) => property.GetValue(owner)!);
    }

    /// <summary>Sets the value in a configuration that is not shared yet.</summary>
    internal void Set(RunConfig fresh, object value)
    {
        object owner = fresh;
        foreach (var property in path.AsSpan(0, path.Length - 1))
            owner = property.GetValue(owner)!;

        path[^1].SetValue(owner, value);
    }

    /// <summary>Whether a number lies in the allowed range; other types always do.</summary>
    internal bool InRange(object value)
    {
        if (value is not (int or long or double))
            return true;

        var number = Convert.ToDouble(value);
        return (attribute.AboveMin ? number > attribute.Min : number >= attribute.Min)
            && (attribute.BelowMax ? number < attribute.Max : number <= attribute.Max);
    }

    private string RangeInWords()
    {
        var lower = double.IsNegativeInfinity(attribute.Min)
            ? ""
            : (attribute.AboveMin ? " above " : " from ") + KnobValue.Print(attribute.Min);
        var upper = double.IsPositiveInfinity(attribute.Max)
            ? ""
            : (attribute.BelowMax ? " to below " : " to ") + KnobValue.Print(attribute.Max);
        return lower.Length > 0 && upper.Length == 0 && !attribute.AboveMin ? lower.Replace(" from ", " of at least ") : lower + upper;
    }
}
