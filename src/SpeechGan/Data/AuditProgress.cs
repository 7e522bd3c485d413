namespace SpeechGan.Data;

/// <summary>How far an audit is.</summary>
/// <param name="Stage">What it does, in words.</param>
/// <param name="Done">Of it, done.</param>
/// <param name="Of">Of it, in all.</param>
public readonly record struct AuditProgress(string Stage, int Done, int Of);
