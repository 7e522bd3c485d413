namespace SpeechGan.Configuration;

/// <summary>A knob that two configurations set differently: what a config bisect searches among, and what resuming must explain.</summary>
/// <param name="Key">Dotted key.</param>
/// <param name="Here">Value in the first configuration, as <c>--set</c> takes it.</param>
/// <param name="There">Value in the second one.</param>
public sealed record KnobDifference(string Key, string Here, string There);
