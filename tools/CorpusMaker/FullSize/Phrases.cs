namespace SpeechGan.CorpusMaker;

/// <summary>What the speakers of a part say, phrase by phrase: who, what was done, with what, where. The parts share no phrase, so that no
/// recording of one is like one of the other.</summary>
internal static class Phrases
{
    private static readonly string[][] Train = [DrawnScript.Subjects, DrawnScript.Verbs, DrawnScript.Objects, DrawnScript.Places];

    private static readonly string[][] Test =
    [
        [
            "Five grey pigeons",
            "That cheerful mechanic",
            "His older sister",
            "Somebody upstairs",
            "The whole orchestra",
            "An unknown writer",
            "Most of the farmers",
            "Their youngest goalkeeper",
        ],
        ["discovered", "exchanged", "ignored", "remembered", "swept up", "translated", "wrapped", "followed"],
        [
            "an empty bottle",
            "those yellow flowers",
            "nine hundred pages",
            "his grandfather's watch",
            "the missing button",
            "some excellent cheese",
            "a very slow train",
            "both umbrellas",
        ],
        [
            "outside the museum",
            "while everybody slept",
            "between two showers",
            "in less than an hour",
            "against all advice",
            "along the northern road",
            "with great pleasure",
            "until the lights went out",
        ],
    ];

    /// <summary>The phrases of a part: [kind, phrase].</summary>
    internal static string[][] Of(string part) => part == "train" ? Train : Test;
}
