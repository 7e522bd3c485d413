using static TorchSharp.torch;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>The default random generator as it was, once this is disposed: a self-test changes no draw of the program.</summary>
internal sealed class KeptRandomState : IDisposable
{
    private readonly Tensor state = random.get_rng_state().DetachFromDisposeScope();

    public void Dispose()
    {
        random.set_rng_state(state);
        state.Dispose();
    }
}
