namespace SpeechGan.Tests.Unit.Training;

/// <summary>
/// How far an implementation may be from the reference. In float64 the reference differs from itself (another BLAS, another
/// thread count, the safe forms) by 1e-15 in losses, 2e-12 in live parameters and 2e-10 in dead biases over three steps.
/// In float32 the limits are about ten times the reference's own distance between float32 and float64.
/// </summary>
internal static class ReferenceTolerances
{
    public const double Loss64 = 1e-12,
        LiveParameter64 = 1e-10,
        DeadBias64 = 1e-8,
        Gradient64 = 1e-10;

    // Gradients are stored in float32: its own rounding, relative to the tensor's norm.
    public const double StoredGradient = 1e-6;

    public const double Loss32First = 1e-5,
        Loss32Third = 1e-4,
        LiveParameter32 = 1e-4,
        RunningMean32 = 1e-3,
        Gradient32 = 1e-4;

    // At full size the reference's own float32 gradient norms are up to 9.4e-4 off its float64.
    public const double FullSizeGradient32 = 3e-3;
}
