namespace SpeechGan.Diagnostics;

/// <summary>What a confirmed theory means for a run. A property of the theory, not of the numbers: a verdict ranks by it within an
/// outcome.</summary>
public enum Severity
{
    /// <summary>What the run says cannot be trusted, or its training is broken: repair this before anything else is looked at.</summary>
    Grave,

    /// <summary>It costs quality or explains a part of what is seen.</summary>
    Serious,

    /// <summary>Something that has a cause elsewhere: it says that there is a fault, not which.</summary>
    Symptom,
}
