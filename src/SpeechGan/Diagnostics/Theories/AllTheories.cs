namespace SpeechGan.Diagnostics.Theories;

/// <summary>The theories in the order they are told: one visible line each.</summary>
public static class AllTheories
{
    /// <summary>All theories.</summary>
    public static IReadOnlyList<ITheory> InOrder { get; } =
    [
        new DiscriminatorStarved(),
    ];
}
